import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { profiles } from '../contract/requirement.ts';
import { line } from '../reports/clean.ts';
import { diskTrouble, watchedDisk } from './disk.ts';
import type { InitFlags } from './init-words.ts';
import type { CertifyFlags } from './command-certify.ts';
import type { ReplayFlags } from './command-replay.ts';
import { mistake } from './surroundings.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

const examples = (...lines: readonly string[]): string => `\nExamples:\n${lines.map((one) => `  ${one}\n`).join('')}`;
const exitCodes = `
Exit codes:
  0  every applicable MUST of the profile passed for the mark that is named
  1  something failed
  2  nothing failed, but the mark could not be given
  3  usage or target trouble, nothing was touched; or a disk that did not take the run
`;

type Act = () => Promise<ExitCode>;

function certifyOn(program: Command, around: Surroundings, choose: (act: Act) => void): void {
  program
    .command('certify')
    .description('drive a target with every requirement of a profile, judge, and write a report')
    .requiredOption('--target <file>', 'the target file')
    .option('--profile <name>', profiles.join(', '), 'quick')
    .option('--seed <number>', 'the source of chance; without it a new one, which the report names')
    .option('--only <ids>', 'only these requirements, with commas between', (ids: string, before?: string) =>
      before === undefined ? ids : `${before},${ids}`,
    )
    .option('--out <folder>', 'where the folder of the run is made', 'runs')
    .option('--json', 'events as JSON lines on standard output, text for people on standard error')
    .addHelpText(
      'after',
      examples(
        'lockproof certify --target targets/reference-twin.yaml',
        'lockproof certify --target my-door.yaml --profile certification --seed 42',
        'lockproof certify --target my-door.yaml --only REV-001,TIME-003 --json',
      ),
    )
    .action((flags: CertifyFlags) => choose(async () => (await import('./command-certify.ts')).certifyCommand(around, flags)));
}

function replayOn(program: Command, around: Surroundings, choose: (act: Act) => void): void {
  program
    .command('replay <trace>')
    .description('repeat a stored counterexample on a target and judge it again')
    .requiredOption('--target <file>', 'the target file')
    .option('--json', 'the verdict as one JSON line on standard output')
    .addHelpText(
      'after',
      examples('lockproof replay runs/20260302T081500Z-my-door-quick/traces/REV-001.json --target my-door.yaml'),
    )
    .action((trace: string, flags: ReplayFlags) =>
      choose(async () => (await import('./command-replay.ts')).replayCommand(around, trace, flags)),
    );
}

function listsOn(program: Command, around: Surroundings, choose: (act: Act) => void): void {
  program
    .command('list <what>')
    .description('list requirements, faults, profiles or targets')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('lockproof list requirements', 'lockproof list targets --json'))
    .action((what: string, flags: { json?: boolean }) =>
      choose(async () => (await import('./command-lists.ts')).listCommand(around, what, flags)),
    );
}

function targetsOn(program: Command, around: Surroundings, choose: (act: Act) => void): void {
  const targets = program.command('targets').description('work on target files');
  targets
    .command('scan')
    .description(
      'list the serial ports, the BLE devices and the nodes open for an administrator that are in reach, and open none of them',
    )
    .option('--bus <address>', 'the D-Bus that BlueZ is on, where it is not the system\u2019s')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('lockproof targets scan', 'lockproof targets scan --json'))
    .action((flags: { json?: boolean; bus?: string }) =>
      choose(async () => (await import('./command-targets.ts')).targetsScanCommand(around, flags)),
    );
  targets
    .command('init <file>')
    .description(
      'draft a target file by what answers: a platform, and nothing is touched; or a lock, which lets us in and forgets us',
    )
    .option('--url <origin>', 'the origin of the platform')
    .option('--setup-code-env <name>', 'instead: the variable with the setup code of a lock that is reached without a platform')
    .option('--network <file>', 'with a setup code: a file with the number of a process in whose network the lock is')
    .option('--name <name>', 'the name of the target', 'my-door')
    .option('--vendor <folder>', 'who speaks its language: a folder in drivers/', 'reference')
    .option('--plant <port>', 'the serial port of a fixture at the door')
    .option('--baud <speed>', 'its speed', '115200')
    .option('--ca <file>', 'the certificate of the authority of the platform, where it is not publicly trusted')
    .option('--id-env <name>', 'the variable with the owner\u2019s client id; else NAME_ID')
    .option('--secret-env <name>', 'the variable with the owner\u2019s client secret; else NAME_SECRET')
    .option('--device <port>', 'the serial port of the lock\u2019s own link')
    .option('--ble <address>', 'the address of the lock over BLE')
    .option('--bus <address>', 'the D-Bus that BlueZ is on, where it is not the system\u2019s')
    .option('--debug <port>', 'a debug port of the lock, which is to be shut')
    .option('--anyway', 'write the draft though something does not answer')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      examples(
        'lockproof targets init targets/front-door.yaml --url https://platform.example --name front-door',
        'lockproof targets init targets/bench.yaml --url https://127.0.0.1:8943 --plant .rig/plant',
        'lockproof targets init targets/my-lock.yaml --setup-code-env DOOR_SETUP_CODE --name my-lock',
      ),
    )
    .action((file: string, flags: InitFlags) =>
      choose(async () => (await import('./command-init.ts')).targetsInitCommand(around, file, flags)),
    );
  targets
    .command('authority <folder>')
    .description(
      'make the authority that vouches for a rig\u2019s receiver of webhooks: a key to keep, a certificate for the platform to trust',
    )
    .addHelpText('after', examples('lockproof targets authority targets/bench'))
    .action((folder: string) =>
      choose(async () => (await import('./command-targets.ts')).targetsAuthorityCommand(around, folder)),
    );
  targets
    .command('check <file>')
    .description('reach everything that a run would use, and change nothing')
    .option('--json', 'as JSON')
    .addHelpText('after', examples('lockproof targets check targets/reference-soft.yaml'))
    .action((file: string, flags: { json?: boolean }) =>
      choose(async () => (await import('./command-lists.ts')).targetsCheckCommand(around, file, flags)),
    );
}

function reportOn(program: Command, around: Surroundings, choose: (act: Act) => void): void {
  program
    .command('report <run>')
    .description('render the reports of a run again, also of one that was killed')
    .option('--open <yes|no>', 'show the page', 'no')
    .addHelpText(
      'after',
      examples(
        'lockproof report runs/20260302T081500Z-my-door-quick',
        'lockproof report runs/20260302T081500Z-my-door-quick --open yes',
      ),
    )
    .action((run: string, flags: { open: string }) =>
      choose(async () => (await import('./command-report.ts')).reportCommand(around, run, flags)),
    );
}

function programFor(around: Surroundings, choose: (act: Act) => void): Command {
  const program = new Command('lockproof')
    .description('Certifies that an integration with a smart lock does what it must.')
    .version(around.version)
    .option('--debug', 'show the details of a defect in lockproof itself')
    .exitOverride()
    .configureOutput({ writeOut: (text) => around.terminal.out(text), writeErr: (text) => around.terminal.err(text) })
    .showHelpAfterError('(add --help for help)');
  program.addHelpText(
    'after',
    `${examples('lockproof certify --target targets/reference-twin.yaml', 'lockproof list requirements', 'lockproof targets check my-door.yaml')}${exitCodes}`,
  );
  for (const add of [certifyOn, replayOn, listsOn, targetsOn, reportOn]) add(program, around, choose);
  return program;
}

/** A defect of ours: one line, and the details in a file that holds no secret. */
function defect(around: Surroundings, error: unknown, isDebug: boolean): ExitCode {
  const full = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const hide = (text: string): string =>
    around.secrets.filter((one) => one.length > 0).reduce((rest, one) => rest.replaceAll(one, '•••'), text);
  const details = hide(full);
  const headline = hide(error instanceof Error ? `${error.name}: ${error.message}` : full);
  if (isDebug) {
    around.terminal.err(`${details}\n`);
    return 3;
  }
  const file = join(tmpdir(), `lockproof-defect-${randomBytes(6).toString('hex')}.txt`);
  const disk = watchedDisk();
  disk.guard(() =>
    writeFileSync(file, `lockproof ${around.version}, node ${process.versions.node}\n${details}\n`, { mode: 0o600, flag: 'wx' }),
  );
  const next = disk.trouble() === null ? `send us ${file}, or see it with --debug` : 'see it with --debug';
  around.terminal.err(`lockproof: a defect in lockproof itself: ${line(headline, 200)}\n  next: ${next}\n`);
  return 3;
}

/** A file that is not the run's own could not be written: reports, or what is kept among the system's temporary files. */
function unwritten(around: Surroundings, error: unknown): ExitCode | null {
  const why = diskTrouble(error);
  if (why === null || !(error instanceof Error)) return null;
  const path = 'path' in error ? String(error.path) : 'a file';
  return mistake(around, `${path} could not be written: ${why}`, 'make room there, then the same command again');
}

/** Runs one command and says how it ended. Throws for nothing. `argv` begins with the command. */
export async function runCommandLine(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const chosen: Act[] = [];
  const program = programFor(around, (act) => chosen.push(act));
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    return defect(around, error, argv.includes('--debug'));
  }
  const [act] = chosen;
  if (!act) {
    program.outputHelp({ error: true });
    return 3;
  }
  try {
    return await act();
  } catch (error) {
    const { TargetTrouble } = await import('./bench.ts');
    if (error instanceof TargetTrouble) return mistake(around, error.message, error.next);
    return unwritten(around, error) ?? defect(around, error, argv.includes('--debug'));
  }
}
