import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { alpha2Of } from './country-codes.ts';

/** A country as a path. */
export interface CountryShape {
  /** ISO 3166-1 alpha-2; '' for the few without. */
  readonly code: string;
  readonly name: string;
  readonly path: string;
  /** Middle, px. */
  readonly centre: readonly [x: number, y: number];
}

/** The world's countries within `width` × `height` px, without Antarctica, which has no visitors and takes a fifth of the map. */
export const countryShapes = (
  topology: Topology<{ countries: GeometryCollection<{ name: string }> }>,
  width: number,
  height: number,
): readonly CountryShape[] => {
  const countries = feature(topology, topology.objects.countries).features.filter(({ id }) => id !== '010');
  const projection = geoNaturalEarth1().fitSize([width, height], {
    type: 'FeatureCollection',
    features: countries,
  });
  const path = geoPath(projection).digits(1);
  return countries.map((country) => ({
    code: alpha2Of(country.id, country.properties.name),
    name: country.properties.name,
    path: path(country) ?? '',
    centre: path.centroid(country),
  }));
};
