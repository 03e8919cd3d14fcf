import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Step, tellStory } from './story.ts';
import { stepText } from './tell.ts';
import { startWorld } from './world.ts';

/**
 * `node examples/consortium/main.ts`: starts a consortium, walks through what it is for, and ends. `--facts <file>`: what happened as JSON, for
 * programs.
 */
const { values } = parseArgs({ options: { facts: { type: 'string' } } });
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

const world = await startWorld(say, interruption.signal);
try {
  const steps: Step[] = [];
  for await (const step of tellStory(world)) {
    steps.push(step);
    say(`\n${stepText(step, steps.length)}`);
  }
  if (values.facts !== undefined) await writeFile(values.facts, JSON.stringify(steps));
} finally {
  await world.stop();
}
say('Everything is stopped and removed.');
