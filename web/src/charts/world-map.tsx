import { useMemo, useRef, useState } from 'preact/hooks';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';
import { formatCount, formatVital } from '../parts/numbers.ts';
import { ENOUGH_TO_RATE, rate, type VitalId, VITALS } from '#vitals';
import { countryShapes } from './map-shapes.ts';
import { RATING_MARKS, RATING_WORDS } from './rating-words.ts';
import { tickLabel } from './tick-label.ts';
import { Tip } from './tip.tsx';
import { useWidth } from './use-width.ts';
import './world-map.css';

/** Figures of a country. */
export interface CountryFigures {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  readonly name: string;
  readonly views: number;
  readonly samples: number;
  readonly value: number | null;
}

/** What the map shows. */
export interface WorldMapProps {
  readonly label: string;
  readonly vital: VitalId;
  readonly countries: readonly CountryFigures[];
  /** Colours: the rating of the percentile, or how many page views. */
  readonly by: 'value' | 'views';
  readonly onChoose?: (code: string) => void;
}

const TOPOLOGY = atlas as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
/** Below this a map cannot be hit with a finger; the ranked list beside it says the same. */
const LEAST_WIDTH_PX = 360;

/** Countries coloured by how fast or how many; hatched below 100 page views, plain without. The table of countries is its text alternative. */
export const WorldMap = ({ label, vital, countries, by, onChoose }: WorldMapProps) => {
  const holder = useRef<HTMLDivElement>(null);
  const width = useWidth(holder);
  const height = Math.round(width * 0.5);
  const [at, setAt] = useState<{ readonly code: string; readonly x: number; readonly y: number } | null>(
    null,
  );
  const shapes = useMemo(
    () => (width < LEAST_WIDTH_PX ? [] : countryShapes(TOPOLOGY, width, height)),
    [width, height],
  );
  const byCode = useMemo(() => new Map(countries.map((country) => [country.code, country])), [countries]);
  const most = Math.max(1, ...countries.map(({ views }) => views));
  const pointed = at === null ? undefined : byCode.get(at.code);
  return (
    <div ref={holder} class="world-map">
      {shapes.length > 0 && (
        <svg width={width} height={height} role="group" aria-label={label} onMouseLeave={() => setAt(null)}>
          <defs>
            <pattern
              id="few-hatch"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" class="map-none" />
              <line x1="0" x2="0" y1="0" y2="5" class="map-hatch" />
            </pattern>
            <pattern
              id="fair-hatch"
              width="7"
              height="7"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(-45)"
            >
              <rect width="7" height="7" class="fill-needs-improvement" />
              <line x1="0" x2="0" y1="0" y2="7" class="map-stripe" />
            </pattern>
            <pattern id="poor-hatch" width="4" height="4" patternUnits="userSpaceOnUse">
              <rect width="4" height="4" class="fill-poor" />
              <line x1="0" x2="0" y1="0" y2="4" class="map-stripe" />
            </pattern>
          </defs>
          {shapes.map(({ code, name, path }) => {
            const figures = byCode.get(code);
            if (figures === undefined) return <path key={name} d={path} class="map-none" />;
            const show = (x: number, y: number): void => setAt({ code, x, y });
            return (
              <path
                key={name}
                d={path}
                class={`map-country ${paintOf(vital, figures, by)}`}
                style={
                  by === 'views'
                    ? { '--strength': `${Math.round(15 + 85 * Math.sqrt(figures.views / most))}%` }
                    : {}
                }
                role={onChoose === undefined ? 'img' : 'button'}
                tabIndex={0}
                aria-label={wordsOf(vital, figures)}
                onMouseMove={(event) => show(event.clientX, event.clientY)}
                onFocus={(event) => {
                  const box = event.currentTarget.getBoundingClientRect();
                  show((box.left + box.right) / 2, (box.top + box.bottom) / 2);
                }}
                onBlur={() => setAt(null)}
                onClick={() => onChoose?.(code)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' || event.key === ' ') {
                    event.preventDefault();
                    onChoose?.(code);
                  }
                }}
              />
            );
          })}
        </svg>
      )}
      {shapes.length > 0 && <MapKey vital={vital} by={by} most={most} />}
      {at !== null && pointed !== undefined && (
        <Tip x={at.x} y={at.y}>
          {wordsOf(vital, pointed)}
        </Tip>
      )}
    </div>
  );
};

const paintOf = (vital: VitalId, { value, samples }: CountryFigures, by: 'value' | 'views'): string => {
  if (by === 'views') return 'map-views';
  return value === null || samples < ENOUGH_TO_RATE ? 'map-few' : `map-${rate(vital, value)}`;
};

const wordsOf = (vital: VitalId, { name, value, samples, views }: CountryFigures): string => {
  if (value === null) return `${name}: no value of ${VITALS[vital].label}, ${formatCount(views)} page views`;
  if (samples < ENOUGH_TO_RATE)
    return `${name}: ${formatCount(samples)} page views: too few to rate (${ENOUGH_TO_RATE} needed)`;
  return `${name}: ${VITALS[vital].label} ${formatVital(vital, value)}, ${RATING_WORDS[rate(vital, value)]}, ${formatCount(views)} page views`;
};

const MapKey = ({
  vital,
  by,
  most,
}: {
  readonly vital: VitalId;
  readonly by: 'value' | 'views';
  readonly most: number;
}) => {
  if (by === 'views')
    return (
      <p class="map-key">
        <span>1</span>
        <i class="map-scale" />
        <span>{formatCount(most)} page views</span>
      </p>
    );
  const { good, poor } = VITALS[vital];
  return (
    <p class="map-key">
      <span class="is-good">
        {RATING_MARKS.good} good ≤ {tickLabel(vital, good)}
      </span>
      <span class="is-needs-improvement">{RATING_MARKS['needs-improvement']} needs work</span>
      <span class="is-poor">
        {RATING_MARKS.poor} poor &gt; {tickLabel(vital, poor)}
      </span>
      <span class="quiet">
        <i class="map-few-key is-hatched" /> fewer than {ENOUGH_TO_RATE} page views
      </span>
    </p>
  );
};
