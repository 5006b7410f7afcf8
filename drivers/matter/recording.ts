import type { ClusterAsk, ClusterLink, ClusterReply, HttpTrouble } from '../../contract/link.ts';
import type { Actor, Command } from '../../contract/command.ts';

/** A recorded exchange with a node: what was asked of the driver, what it asked of the lock, and what came back. */
export interface Recording {
  /** The stack at the other end, with its version, and the day. */
  readonly stack: string;
  readonly recorded: string;
  readonly seed: number;
  readonly steps: readonly RecordedStep[];
}
export interface RecordedStep {
  readonly fabric: Actor;
  readonly command: Command | { readonly do: 'present'; readonly pin: string };
  readonly exchanges: readonly Exchange[];
  /** The driver's answer, or what came of the presentation; times left out. */
  readonly answer: unknown;
}
export interface Exchange {
  readonly asked: ClusterAsk;
  readonly said: ClusterReply | HttpTrouble;
}

/** JSON of values that hold bytes and large numbers. */
export const written = (value: unknown): string =>
  JSON.stringify(
    value,
    (_, one: unknown) => {
      if (typeof one === 'bigint') return { $whole: String(one) };
      // JSON.stringify has let Buffer spell itself by the time we see it.
      if (one instanceof Uint8Array) return { $bytes: Buffer.from(one).toString('hex') };
      return one;
    },
    1,
  );

export const read = (text: string): unknown =>
  JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== 'object' || one === null) return one;
    if ('$whole' in one && typeof one.$whole === 'string') return BigInt(one.$whole);
    return '$bytes' in one && typeof one.$bytes === 'string' ? new Uint8Array(Buffer.from(one.$bytes, 'hex')) : one;
  });

/** A link that writes down what passes over it. */
export function recorder(inner: ClusterLink): { readonly link: ClusterLink; taken(): readonly Exchange[] } {
  let exchanges: Exchange[] = [];
  return {
    link: {
      ...inner,
      async ask(request, signal) {
        const said = await inner.ask(request, signal);
        exchanges.push({ asked: request.asked, said });
        return said;
      },
    },
    taken() {
      const all = exchanges;
      exchanges = [];
      return all;
    },
  };
}

/** A lock that says what it once said, as long as it is asked what it once was; otherwise it is silent. */
export function player(exchanges: readonly Exchange[]): { readonly link: ClusterLink; left(): number } {
  const rest = [...exchanges];
  return {
    link: {
      async ask({ asked }) {
        const next = rest.shift();
        if (next && written(next.asked) === written(asked)) return next.said;
        return { kind: 'trouble', trouble: 'cut', unsent: true };
      },
      close: async () => undefined,
    },
    left: () => rest.length,
  };
}
