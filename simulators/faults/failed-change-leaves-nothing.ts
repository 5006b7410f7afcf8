import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'failed-change-leaves-nothing',
  defects: ['REV-09', 'REV-12'],
  sentence: 'A change of PIN clears the old code first; when the answer to the new one is lost, none is left.',
  hard: 'step',
  hooks: () => {
    const seen = new Map<string, string>();
    let broken = false;
    return {
      'sync.send': ({ job }, honest) => {
        if (honest.ask !== 'set') return honest;
        const before = seen.get(job.grant);
        broken = before !== undefined && before !== honest.credential.digits;
        seen.set(job.grant, honest.credential.digits);
        return broken ? { ask: 'clear', slot: job.slot } : honest;
      },
    };
  },
};
