import { line } from '../reports/clean.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import { paletteOf } from './terminal.ts';

/** A thing that a target file could name. */
interface Reached {
  readonly kind: 'serial port';
  readonly name: string;
  readonly about: string;
}

/** Looks for what a target file could name, and opens none of it: opening a port resets many a board. */
export async function targetsScanCommand(around: Surroundings, flags: { readonly json?: boolean }): Promise<ExitCode> {
  const { serialPorts } = await import('../rig/serial.ts');
  const found = (await serialPorts()).map(({ path, about }): Reached => ({ kind: 'serial port', name: path, about }));
  if (flags.json) {
    around.terminal.out(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  const palette = paletteOf(around.terminal);
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { kind, name, about } of found)
    around.terminal.out(`${kind}  ${palette.strong(line(name).padEnd(width))}  ${line(about)}\n`);
  if (found.length === 0) {
    around.terminal.out('no serial port is in reach; pseudo-terminals are not listed\n');
    around.terminal.out('      next: plug the fixture in, and see that you may open it: sudo adduser $USER dialout\n');
  }
  return 0;
}
