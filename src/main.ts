import { errorText } from '#core';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`rumbrella: ${errorText(error)}\n`);
  process.exitCode = 1;
}
