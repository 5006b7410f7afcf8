import { commandFor } from './acts.ts';
import { replies } from './frame.ts';
import { capabilitiesOf } from './panel.ts';
import { once, type People } from './people.ts';

/** Outputs, clause 7.5. */
const outputCapability = 2;

/** null, or that the reader neither promises the output of the target file nor tells of it: nothing can be seen by it. */
export async function outputMissing(people: People): Promise<string | null> {
  const { output } = people.parts;
  const told = await once(people, 'owner', commandFor('capabilities', output));
  const isPromised =
    told.kind !== 'good' ||
    capabilitiesOf(told.data).some(({ code, level, items }) => code === outputCapability && level > 0 && items > output);
  if (isPromised) return null;
  const status = await once(people, 'owner', commandFor('status', output));
  const isShort = status.kind === 'good' && status.code === replies.outputStatus && status.data.length <= output;
  return status.kind === 'nak' || isShort
    ? `the reader has no output ${output}: check output in the target file; one without outputs cannot be certified`
    : null;
}
