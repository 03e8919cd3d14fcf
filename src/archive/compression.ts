import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib';

/** How daily archives are compressed, as the configuration names it. */
export type Compression = 'gzip' | 'zstd' | 'none';

/** What a compressed file's name ends with. */
export const EXTENSIONS = { gzip: '.gz', zstd: '.zst', none: '' } as const satisfies Record<
  Compression,
  string
>;

/** How the file of this name is compressed. */
export const compressionOf = (name: string): Compression =>
  name.endsWith('.gz') ? 'gzip' : name.endsWith('.zst') ? 'zstd' : 'none';

/** A compressing stream; null: none is needed. `level` 1 to 19, for gzip 9 at most. */
export const compressor = (compression: Compression, level: number): Transform | null => {
  if (compression === 'gzip') return createGzip({ level: Math.min(level, 9) });
  if (compression === 'none') return null;
  return createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });
};

/** A decompressing stream (several members or frames one after the other are one text); null: none is needed. */
export const decompressor = (compression: Compression): Transform | null =>
  compression === 'gzip' ? createGunzip() : compression === 'zstd' ? createZstdDecompress() : null;

/** What a transforming stream makes of some pieces. Errors of either side are thrown; leaving early ends both. */
export async function* through(
  pieces: AsyncIterable<Buffer>,
  transform: Transform,
): AsyncGenerator<Buffer, void, undefined> {
  // The reader below sees every error of the stream too; the one of the pipeline is only kept from being unhandled.
  const feeding = pipeline(pieces, transform).catch(() => undefined);
  try {
    for await (const piece of transform) yield piece as Buffer;
  } finally {
    transform.destroy();
    await feeding;
  }
}
