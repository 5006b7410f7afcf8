import type { Stage } from '../../contract/requirement.ts';
import type { Trace, Verdict } from '../../contract/trace.ts';
import { type Call, callsOf, history } from '../../oracle/history.ts';

/** A firmware image that somebody tried to install, and how that ended as far as was told. */
export interface Install {
  readonly version: string;
  readonly image: 'good' | 'unsigned' | 'truncated';
  readonly askEntry: number;
  /** Where its end was told. */
  readonly toldEntry: number;
  readonly end: 'done' | 'failed' | 'refused';
}

/** Said where the target declares no version to move to. */
export const oneFirmware: Verdict = {
  kind: 'not-applicable',
  lacking: 'another firmware',
  because: 'the declaration names one version only',
};

/** How long an image may be on its way and be worked on, in times of settling. */
const installSettles = 12;

/** Installs an image and follows it to its end. */
export async function install(stage: Stage, version: string, image: Install['image']): Promise<void> {
  await stage.ask('owner', { do: 'installFirmware', lock: 'door', version, image });
  await stage.awaitOperation('owner', installSettles * stage.declaration.timing.settleMs);
}

const viewOf = ({ answer }: Call) => (answer?.kind === 'ok' && answer.value && 'cause' in answer.value ? answer.value : null);

/** Every install whose end was told. */
export function installs(trace: Trace): readonly Install[] {
  const past = history(trace);
  return callsOf(past, 'installFirmware').flatMap((call): readonly Install[] => {
    const { version, image } = call.command;
    const base = { version, image, askEntry: call.askEntry };
    if (call.answer?.kind === 'refused') return [{ ...base, toldEntry: call.answerEntry, end: 'refused' }];
    const id = viewOf(call)?.id;
    const end = past.calls.find(
      (one) => one.askEntry >= call.askEntry && viewOf(one)?.id === id && viewOf(one)?.state !== 'pending',
    );
    const state = end && viewOf(end)?.state;
    if (id === undefined || !end || !state) return [];
    return [{ ...base, toldEntry: end.answerEntry, end: state === 'done' ? 'done' : 'failed' }];
  });
}
