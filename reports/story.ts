import type { Command } from '../contract/command.ts';
import type { Entry, Header, Step } from '../contract/trace.ts';
import { line } from './clean.ts';
import { after, span } from './moment.ts';
import { answeredText, eventText, type Scene } from './story/answered.ts';
import { askedText, passedText, pinName, short, who } from './story/asked.ts';
import { folded } from './story/folded.ts';
import type { Lane, StoryLine } from './story/line.ts';
import { actText, motionText, sightText, weatherText } from './story/door.ts';
import { deliveryText, wireSightText, wireText } from './story/wires.ts';

const maxLineChars = 600;

type Told = readonly (readonly [lane: Lane, text: string, detail?: string])[];

/** Names of the stage for ids that the target gave: an answer's id belongs to the name that was asked for. */
function scene(header: Header, entries: readonly Entry[]): Scene {
  const asked = new Map<number, Command>();
  const names = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'asked') asked.set(entry.call, entry.command);
    if (entry.kind !== 'answered' || entry.answer.kind !== 'ok') continue;
    const { value } = entry.answer;
    const command = asked.get(entry.call);
    if (!command || value === null || !('id' in value)) continue;
    if ('grant' in command && 'wish' in value) names.set(value.id, command.grant);
    else if ('user' in command && command.user !== null && !('wish' in value)) names.set(value.id, command.user);
    else if ('lock' in command && 'bolt' in value) names.set(value.id, command.lock);
  }
  const byCommand = header.told?.includes('keypad') ?? false;
  return { startMs: header.startMs, nameOf: (id) => short(names.get(id) ?? id), byCommand };
}

function stepText(step: Step, { startMs, byCommand }: Scene): string {
  switch (step.step) {
    case 'ask':
      return askedText(step.as, step.command, startMs);
    case 'hand':
      return actText(step.act, byCommand);
    case 'weather':
      return weatherText(step.weather);
    case 'wire':
      return wireText(step.act);
    case 'pass':
      return passedText(step.ms);
    case 'until':
      return `Wait until ${after(step.ms)}.`;
    case 'feed':
      return `${who[step.as]} reads the event feed to its end.`;
    case 'await':
      return `${who[step.as]} waits until it is done, at most ${span(step.limitMs)}.`;
    case 'settle':
      return 'All weather ends and things settle.';
    case 'together':
      return `${step.branches.length} things happen at once.`;
  }
}

function acted(entry: Extract<Entry, { kind: 'acted' }>, { byCommand }: Scene): Told {
  const seen = sightText(entry.act, entry.sight, byCommand);
  const done = actText(entry.act, byCommand);
  const lane = ['block', 'power', 'shade', 'stepClock', 'battery'].includes(entry.act.act) ? 'lock' : 'hand';
  return seen
    ? [
        [lane, done],
        ['lock', seen],
      ]
    : [[lane, done]];
}

function tell(entry: Entry, stage: Scene): Told {
  switch (entry.kind) {
    case 'asked':
      return [['integration', askedText(entry.as, entry.command, stage.startMs)]];
    case 'answered': {
      const { text, detail } = answeredText(entry.answer, stage);
      return [['platform', text, detail]];
    }
    case 'heard': {
      const seen = entry.secretsSeen.length > 0 ? ` It shows the digits of ${entry.secretsSeen.map(pinName).join(', ')}.` : '';
      return [['platform', `The feed tells: ${eventText(entry.event, stage)}.${seen}`]];
    }
    case 'feed-end':
      return [['platform', entry.complete ? 'The feed is read to its end.' : 'The feed could not be read to its end.']];
    case 'acted':
      return acted(entry, stage);
    case 'wired':
      return [
        ['integration', wireText(entry.act)],
        [entry.act.on === 'device' || entry.act.on === 'debug' ? 'lock' : 'platform', wireSightText(entry.sight)],
      ];
    case 'delivered':
      return [['platform', deliveryText(entry.delivery, stage)]];
    case 'moved':
      return [['lock', motionText(entry.motion.bolt)]];
    case 'weather':
      return [['weather', weatherText(entry.weather)]];
    case 'passed':
      return [['weather', passedText(entry.ms)]];
    case 'settled':
      return [['weather', 'All weather is over and the declared settle time has passed.']];
    case 'skipped':
      return [['weather', `Skipped, ${entry.why}: ${stepText(entry.step, stage)}`]];
    case 'stalled':
      return [['weather', `The machine that ran the test stood still for ${entry.ms} ms.`]];
    case 'trouble':
      return [['weather', `The rig itself has trouble: ${entry.what}`]];
  }
}

/**
 * A trace as lines that people can read, in its own order. The last line of entry `atEntry` is the highlight, so that of
 * an act at the lock it is what the lock did. Pure; texts are clean and at most 600 characters.
 */
export function story(header: Header, entries: readonly Entry[], atEntry: number): readonly StoryLine[] {
  const stage = scene(header, entries);
  const lines = entries.flatMap((entry, index) => {
    const told = tell(entry, stage);
    return told.map(([lane, text, detail = ''], part) => {
      const isLast = part === told.length - 1;
      const atMs = (entry.kind === 'acted' || entry.kind === 'wired') && part === 0 ? entry.fromMs : entry.atMs;
      const sinceStart = after(atMs - header.startMs);
      return {
        entry: index,
        atMs,
        after: sinceStart,
        lane,
        text: line(text, maxLineChars),
        detail,
        highlight: index === atEntry && isLast,
      };
    });
  });
  return folded(lines);
}
