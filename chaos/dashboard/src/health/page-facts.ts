import { formatCount } from '../../../checks/lib/format.ts'
import type { SandboxView } from '../../../contracts/api.ts'
import type { Phase } from '../../../contracts/events.ts'
import type { PageState } from '../data/page-state.ts'
import type { Health } from './health.ts'

/**
 * What the page knows. `nothing`: no response yet. `current`: the controller responds. `last-known`: it does not, so everything
 * on the page is from the past. `locked`: it refuses this browser.
 */
export type Knowledge = 'nothing' | 'current' | 'last-known' | 'locked'

export type Banner =
  | { readonly kind: 'locked' | 'lost' | 'halted' | 'not-healed' }
  | { readonly kind: 'unread'; readonly parts: readonly string[] }

/** Everything that the page says about the state of the sandbox outside of its figures. */
export interface PageFacts {
  readonly knowledge: Knowledge
  readonly pill: { readonly text: string; readonly look: '' | 'bad' | 'fault' }
  readonly banner: Banner | null
  /** Why a button that changes the sandbox is disabled; null: it works. */
  readonly blocked: string | null
  /** Why faults and traps cannot be injected; null: they can. */
  readonly faultsBlocked: string | null
  /** What the list of faults says when it is empty. */
  readonly noFaults: string
  /** The states of processes are current. */
  readonly instancesKnown: boolean
  /** The looks of links are current. */
  readonly linksKnown: boolean
}

/** The parts of the page's state that decide. */
export type FactsInput = Pick<PageState, 'connection' | 'sessionEnded' | 'sandbox'> & {
  readonly phase: { readonly phase: Phase } | null
  /** Health of the customers' requests. */
  readonly impact: Health
}

/** One function decides what the page claims, so no two parts of it contradict each other. */
export function pageFacts(input: FactsInput): PageFacts {
  const { sandbox } = input
  const knowledge = knowledgeOf(input)
  const known = knowledge === 'current'
  const unread = new Set((sandbox?.unread ?? []).map(({ part }) => part))
  const blocked = blockedBecause(knowledge)
  return {
    knowledge,
    pill: pillOf(input, knowledge),
    banner: bannerOf(input, knowledge),
    blocked,
    faultsBlocked: blocked ?? (sandbox?.halted === true ? 'Halted: lift the halt first' : null),
    noFaults: noFaultsText(knowledge, sandbox),
    instancesKnown: known && !unread.has('the instances'),
    linksKnown: known && !unread.has('the links'),
  }
}

function knowledgeOf({ connection, sessionEnded, sandbox }: FactsInput): Knowledge {
  if (connection === 'lost') return sessionEnded ? 'locked' : 'last-known'
  return sandbox === null ? 'nothing' : 'current'
}

function pillOf({ sandbox, phase, impact }: FactsInput, knowledge: Knowledge): PageFacts['pill'] {
  if (knowledge === 'locked') return { text: 'no session', look: 'bad' }
  if (knowledge === 'last-known') return { text: 'no controller', look: 'bad' }
  if (sandbox === null) return { text: 'connecting', look: '' }
  const { faults, halted, ready, run } = sandbox
  if (halted && faults.length > 0) return { text: `halted, ${active(faults.length)}`, look: 'bad' }
  if (halted) return { text: 'halted', look: 'bad' }
  if (run !== null)
    return { text: `run: ${phase?.phase.replace('-', ' ') ?? 'starts'}`, look: 'fault' }
  if (faults.length > 0) return { text: active(faults.length), look: 'fault' }
  // Every process can be ready while no request succeeds.
  if (impact === 'outage') return { text: 'outage', look: 'bad' }
  return { text: ready ? 'ready' : 'not ready', look: '' }
}

function active(count: number): string {
  return `${formatCount(count, 'fault')} active`
}

function bannerOf({ sandbox }: FactsInput, knowledge: Knowledge): Banner | null {
  if (knowledge === 'locked') return { kind: 'locked' }
  if (knowledge === 'last-known') return { kind: 'lost' }
  if (sandbox === null) return null
  if (sandbox.halted) return { kind: sandbox.faults.length > 0 ? 'not-healed' : 'halted' }
  const parts = lostParts(sandbox)
  return parts.length > 0 ? { kind: 'unread', parts } : null
}

/** Parts of the sandbox itself that do not respond. A source of truth has its own words in its panel. */
function lostParts({ unread = [] }: SandboxView): readonly string[] {
  return unread.flatMap(({ part }) => (part.startsWith('the ') ? [part] : []))
}

function blockedBecause(knowledge: Knowledge): string | null {
  switch (knowledge) {
    case 'nothing':
      return 'The page waits for the first response of the controller'
    case 'last-known':
      return 'The controller does not respond'
    case 'locked':
      return 'The session of this page has ended'
    case 'current':
      return null
  }
}

function noFaultsText(knowledge: Knowledge, sandbox: SandboxView | null): string {
  switch (knowledge) {
    case 'nothing':
      return 'Not known yet.'
    case 'last-known':
    case 'locked':
      return 'Not known. None was active when the controller last responded.'
    case 'current':
      return sandbox?.hidesIncidents === true
        ? 'A game day runs: faults are hidden.'
        : 'None active.'
  }
}
