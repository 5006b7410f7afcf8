import { z } from 'zod';
import { hasUsed, openNodes, services } from '../drivers/matter/discovery.ts';
import { privileges } from '../drivers/matter/privileges.ts';
import { type Fabric, openFabric, prepare, setupCode, type SetupCode } from '../drivers/matter/sdk.ts';
import type { ClusterAsk, JoinTrouble } from '../contract/link.ts';
import { within } from '../contract/world.ts';
import { answerQuestions } from '../rig/child.ts';
import { realClock } from '../rig/clock.ts';
import { networkLack, offered } from '../rig/mdns.ts';
import type { NodeTroubleName } from './node-trouble.ts';

/**
 * The administrators of a node of a local cluster protocol, and who they let in with less, in a process of their own: it may
 * live in a network of its own, and what the protocol's library does on the side (discovery, subscriptions, logs) stays there.
 */

const openSchema = z.strictObject({
  do: z.literal('open'),
  /** Where the fabrics' keys are kept. */
  folder: z.string(),
  pairingCode: z.string(),
  fabrics: z.array(z.string()).min(1),
  /** Nodes of the first fabric that may do less. */
  delegates: z.array(z.strictObject({ name: z.string(), privilege: z.enum(privileges) })),
  limitMs: z.number(),
});
const askSchema = z.strictObject({ do: z.literal('ask'), fabric: z.string(), asked: z.unknown(), limitMs: z.number() });
const questionSchema = z.discriminatedUnion('do', [openSchema, askSchema, z.strictObject({ do: z.literal('leave') })]);

const clock = realClock();
const fabrics = new Map<string, Fabric>();
/** Nodes of ours that administer nothing. */
const others = new Map<string, Pick<Fabric, 'ask' | 'close'>>();
/** How long is heard who is there when the node was not found. */
const listenMs = 3_000;

/** Null: all are in. What is looked for in vain is told by what is there instead. */
async function open({
  folder,
  pairingCode,
  fabrics: names,
  delegates,
  limitMs,
}: z.infer<typeof openSchema>): Promise<NodeTroubleName | null> {
  const code = setupCode(pairingCode);
  if (!code) return 'malformed';
  const lack = await networkLack();
  if (lack) return lack;
  prepare(folder);
  const first = await openFabric(names[0] ?? 'owner');
  fabrics.set(names[0] ?? 'owner', first);
  if (first.isMember()) {
    if (!(await answers(first, limitMs))) return 'forgotten';
  } else {
    const trouble = await joined(first, code, limitMs);
    if (trouble !== null) return trouble === 'unseen' ? instead() : trouble;
  }
  for (const name of names.slice(1)) {
    const fabric = await openFabric(name);
    fabrics.set(name, fabric);
    if (fabric.isMember()) continue;
    const window = await within(clock, limitMs, (signal) => first.openWindow(signal));
    if (window.kind === 'late' || window.value === null) return 'no-window';
    if ((await joined(fabric, window.value, limitMs)) !== null) return 'no-window';
  }
  if (delegates.length === 0) return null;
  const admitted = await within(clock, limitMs, (signal) => first.letIn(delegates, signal));
  if (admitted.kind === 'late' || admitted.value === null) return 'no-privileges';
  for (const [name, one] of admitted.value) others.set(name, one);
  return null;
}

/** The node is looked for and let in, each within the limit. */
async function joined(fabric: Fabric, code: SetupCode, limitMs: number): Promise<JoinTrouble | null> {
  const timed = await within(clock, 2 * limitMs, () => fabric.commission(code, limitMs));
  return timed.kind === 'done' ? timed.value : 'broken-off';
}

async function instead(): Promise<NodeTroubleName> {
  const heard = await offered(Object.values(services), listenMs, clock);
  if (heard.kind === 'lacking') return heard.lack;
  if (openNodes(heard.offered).length > 0) return 'others';
  if (hasUsed(heard.offered)) return 'in-use';
  return heard.isAnybody ? 'unseen' : 'nobody';
}

/** Whether a node that let us in before still knows us. */
async function answers(fabric: Fabric, limitMs: number): Promise<boolean> {
  const asked: ClusterAsk = { do: 'read', endpoint: null, cluster: 0x28, attributes: [0] };
  const said = await within(clock, limitMs, (signal) => fabric.ask(asked, signal));
  return said.kind === 'done' && said.value.kind === 'reply';
}

/** The first leaves last: it let the others in. */
async function leave(): Promise<void> {
  for (const one of others.values()) await one.close();
  others.clear();
  for (const fabric of [...fabrics.values()].toReversed()) await fabric.leave();
}

async function answer(what: unknown): Promise<unknown> {
  const question = questionSchema.parse(what);
  if (question.do === 'open') return open(question);
  if (question.do === 'leave') return leave();
  const fabric = fabrics.get(question.fabric) ?? others.get(question.fabric);
  if (!fabric) throw new Error(`there is no node ${question.fabric} of ours`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are ours, and one version
  const said = await within(clock, question.limitMs, (signal) => fabric.ask(question.asked as ClusterAsk, signal));
  return said.kind === 'done' ? said.value : { kind: 'trouble', trouble: 'late', unsent: false };
}

answerQuestions(
  answer,
  async () => {
    for (const one of [...others.values(), ...fabrics.values()]) await one.close();
  },
  'at-once',
);
