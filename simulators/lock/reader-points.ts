/** What kind of command it is: told to everybody · part of a handshake · an exchange of the key · light, sound, text · all else. */
export type ReaderCommand = 'public' | 'handshake' | 'key' | 'signal' | 'other';

/** What kind of answer it is: the number of a card · what the reader can · address and speed · a refusal · all else. */
export type ReaderAnswer = 'card' | 'abilities' | 'settings' | 'refusal' | 'other';

/** What a reader keeps for its panel: keys that were pressed in one go, or the number of a card. */
export interface ReaderKept {
  readonly kind: 'keys' | 'card';
  readonly digits: string;
}

/** Where a wired reader decides something; see LockPoints. */
export interface ReaderPoints {
  /** Whether the key that every reader knows opens a session. */
  'reader.default': { given: { readonly isInstalling: boolean }; answer: boolean };
  /** Keys that open a session, the newest first. `former`: the one before, if there was one. */
  'reader.keys': { given: { readonly key: Uint8Array; readonly former: Uint8Array | null }; answer: readonly Uint8Array[] };
  /** The reader's part of a session's keys. `isFresh`: power came back, and no panel has proven its key since. */
  'reader.random': { given: { readonly fresh: Uint8Array; readonly isFresh: boolean }; answer: Uint8Array };
  /** Whether a panel has proven that it has the key. */
  'reader.proof': { given: { readonly isRight: boolean }; answer: boolean };
  /** Whether a packet of so many bytes is heard whose check says that it was changed on its way. */
  'reader.check': { given: { readonly isRight: boolean; readonly bytes: number; readonly isSealed: boolean }; answer: boolean };
  /** Whether it says of itself that it has a secure channel. */
  'reader.tells': { given: { readonly isInSession: boolean }; answer: boolean };
  /** Whether it shines, sounds or shows a text when its panel asks for it. */
  'reader.signals': { given: { readonly what: 'light' | 'sound' | 'text' }; answer: boolean };
  /** Whether it is found at the address that it was given. */
  'reader.moves': { given: { readonly from: number; readonly to: number }; answer: boolean };
  /** Whether packets under a CRC are understood, or those under a checksum only. */
  'reader.crc': { given: { readonly is: 'crc' }; answer: boolean };
  /** Whether a packet is heard that is meant for another on the line. */
  'reader.address': { given: { readonly meant: number; readonly own: number }; answer: boolean };
  /** Whether a sealed packet is acted on. `isRightAtFirst`: the first byte of its seal is right; `isFirst`: no other came in its session. */
  'reader.seal': {
    given: { readonly isRight: boolean; readonly isRightAtFirst: boolean; readonly isFirst: boolean };
    answer: boolean;
  };
  /** Whether the session ends with a forged packet, or with a loss of power. */
  'reader.ends': { given: { readonly is: 'forged' | 'power' }; answer: boolean };
  /** Whether a packet under the number of the last is only answered again. */
  'reader.repeat': { given: { readonly number: number }; answer: boolean };
  /** Whether a packet is heard whose number is not the one that is due. */
  'reader.number': { given: { readonly due: number; readonly number: number }; answer: boolean };
  /** Whether a POLL that is repeated under its number is answered as it was, and not by what comes next. */
  'reader.poll': { given: { readonly is: 'repeated' }; answer: boolean };
  /** Whether a command that came in clear is done. `isFresh`: power came back, and no panel has proven its key since. */
  'reader.clear': {
    given: {
      readonly command: ReaderCommand;
      readonly isInstalling: boolean;
      readonly isFresh: boolean;
      /** It came under a security block of a handshake. */
      readonly isUnderBlock: boolean;
    };
    answer: boolean;
  };
  /** Whether a challenge is forgotten once it was answered to, or when the panel begins anew. */
  'reader.challenge': { given: { readonly at: 'proof' | 'beginning' }; answer: boolean };
  /** Whether a proof is looked at that no challenge went before: against keys that are all zero. */
  'reader.unasked': { given: { readonly isFresh: boolean }; answer: boolean };
  /** Whether an exchange is done for a key of so many bytes. */
  'reader.length': { given: { readonly bytes: number; readonly due: number }; answer: boolean };
  /** Whether an answer in a session is under a seal. */
  'reader.seals': { given: { readonly what: ReaderAnswer }; answer: boolean };
  /** Whether the data of an answer in a session are encrypted. */
  'reader.hides': { given: { readonly bytes: number; readonly what: ReaderAnswer }; answer: boolean };
  /** What is there when power comes back. */
  'reader.restore': {
    given: { readonly key: Uint8Array; readonly former: Uint8Array | null; readonly isInstalling: boolean };
    answer: { readonly key: Uint8Array; readonly isInstalling: boolean };
  };
  /** Whether the line is listened to after bytes that are no packet. */
  'reader.hears': { given: { readonly after: 'noise' }; answer: boolean };
  /** Whether an output that was switched on for a time goes back when that is over. */
  'reader.back': { given: { readonly afterMs: number }; answer: boolean };
  /** Whether an output that was switched moves. */
  'reader.release': { given: { readonly on: boolean }; answer: boolean };
  /** What is given at a poll, and what stays. */
  'reader.give': {
    given: { readonly kept: readonly ReaderKept[] };
    answer: { readonly given: ReaderKept | null; readonly stays: readonly ReaderKept[] };
  };
}
