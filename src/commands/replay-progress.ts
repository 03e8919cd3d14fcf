import { Presets, SingleBar } from 'cli-progress';
import type { ReplayProgress } from '#archive';
import type { Clock } from '#core';

/** Shows how far a replay is. */
export interface ProgressView {
  show(progress: ReplayProgress): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal, elsewhere a line every five seconds; on standard error, so that standard output stays the report. */
export const createProgressView = (stream: NodeJS.WriteStream, clock: Clock): ProgressView =>
  stream.isTTY ? createBar(stream) : createLines(stream, clock);

const createBar = (stream: NodeJS.WriteStream): ProgressView => {
  const bar = new SingleBar(
    {
      stream,
      format: '{bar} {percentage}% | {beacons} beacons | {eta_formatted} | {current}',
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 100,
      fps: 5,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    show: ({ bytes, totalBytes, beacons, current }) => {
      const facts = { beacons: beacons.toLocaleString('en'), current };
      if (isStarted) bar.update(Math.min(bytes, totalBytes), facts);
      else bar.start(totalBytes, bytes, facts);
      isStarted = true;
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
};

const createLines = (stream: NodeJS.WriteStream, clock: Clock): ProgressView => {
  let next = clock.monotonic() + LINE_EVERY_MS;
  return {
    show: ({ bytes, totalBytes, beacons, current }) => {
      if (clock.monotonic() < next) return;
      next = clock.monotonic() + LINE_EVERY_MS;
      const percent = totalBytes === 0 ? 100 : Math.floor((Math.min(bytes, totalBytes) * 100) / totalBytes);
      stream.write(`${percent} % read, ${beacons} beacons, at ${current}\n`);
    },
    stop: () => undefined,
  };
};
