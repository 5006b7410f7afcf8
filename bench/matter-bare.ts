import { Environment, ServerNode } from '@matter/main';
import { DoorLockClient } from '@matter/main/behaviors/door-lock';
import { answerQuestions } from '../rig/child.ts';

/** A bare controller: matter.js as its documentation shows it, without a subscription, and commands one after the other. */

const warmUps = 300;
Environment.default.vars.set('storage.path', process.env['LOCKPROOF_MATTER_FOLDER'] ?? '.');
Environment.default.vars.set('log.level', 'fatal');
const node = await ServerNode.create({ id: 'bare', network: { port: 0 }, commissioning: { enabled: false } });
await node.start();
const peer = await node.peers.commission({ pairingCode: '34970112332', autoSubscribe: false });
const door = [...peer.endpoints].find((one) => one.behaviors.has(DoorLockClient));
if (!door) throw new Error('the node has no door lock');
const commands = door.commandsOf(DoorLockClient);

answerQuestions(
  async (acts) => {
    const go = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await commands.lockDoor({});
    };
    await go(warmUps);
    const began = performance.now();
    await go(Number(acts));
    return ((performance.now() - began) * 1000) / Number(acts);
  },
  async () => {
    await peer.decommission();
    await node.close();
  },
);
