import { randomBytes, randomUUID } from 'node:crypto'

import { Check } from 'typebox/value'

import type { Lab } from '#chaos/contracts/lab.ts'
import type {
  HelpRequest,
  InboxPush,
  JoinRequest,
  MembershipView,
  PushOf,
  Report,
} from '#chaos/contracts/workshop.ts'
import { ReportSchema, sharedTextMax } from '#chaos/contracts/workshop.ts'
import { readLabFiles } from '#chaos/exercise/editor/lab-files.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import type { LabProgress, ProgressStore } from '#chaos/exercise/progress-store.ts'
import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import { plainName, plainText } from '../plain-text.ts'
import { collectReports, seenOf } from './collect-reports.ts'
import type { RunFacts } from './collect-reports.ts'
import { joinHost, readPushes, socketScheme } from './host.ts'
import type { Receiving } from './host.ts'
import { createMembershipFile } from './membership-file.ts'
import type { Membership, MembershipFile } from './membership-file.ts'
import { whatIsSent } from './report-text.ts'
import { sendPending } from './send-pending.ts'
import { withPush } from './with-push.ts'

export interface MemberOptions {
  readonly home: Home
  readonly labs: readonly Lab[]
  readonly progress: Pick<ProgressStore, 'all'>
  readonly clock: Clock
  readonly factsOf: (run: string) => Promise<RunFacts | undefined>
}

/** A learner's side of a workshop. It works without a sandbox, and in several processes at once. */
export interface Member {
  readonly file: MembershipFile
  view(): Promise<MembershipView>
  /** Throws {@link InputError}. Joining the same host again continues as the same learner. */
  join(request: JoinRequest, signal: AbortSignal): Promise<MembershipView>
  /** From now on nothing new is recorded. What waits is still sent, unless `isNow`: then it is deleted. */
  leave(options?: { readonly isNow?: boolean }): Promise<MembershipView>
  help(request: HelpRequest): Promise<MembershipView>
  /** Throws {@link InputError} if the learner has no code of this lab, or too much of it. */
  share(lab: string): Promise<MembershipView>
  /** Adds a report of its own, for example an answer to an incident. */
  report(report: ReportContent): Promise<void>
  /** Puts what is new in the learner's progress into the queue. False: a run is still being written, call it again. */
  collect(): Promise<boolean>
  /** Reads what the host has sent since. Throws {@link InputError}. */
  receive(signal: AbortSignal): Promise<void>
  /** Sends the queue in its sequence. Resolves when it is empty, or at the first failure, which is in the view. */
  send(signal: AbortSignal): Promise<void>
}

/** A report without what the member adds. */
export type ReportContent = Report extends infer One
  ? One extends Report
    ? Omit<One, 'id' | 'at'>
    : never
  : never

export function createMember(options: MemberOptions): Member {
  const { home, labs, progress, clock } = options
  const file = createMembershipFile(home, clock)
  const now = (): string => new Date(clock.wallTimeMs()).toISOString()
  const view = async (): Promise<MembershipView> => viewOf(await file.read())
  const queue = async (
    content: ReportContent,
    more: Partial<Membership> = {},
  ): Promise<MembershipView> => {
    const report: unknown = { ...content, id: randomUUID(), at: now() }
    // No host accepts it, and the file of the membership cannot contain it.
    if (!Check(ReportSchema, report)) throw tooLarge(content)
    const after = await file.change((before) => {
      const { pending } = mustHaveJoined(before)
      return { ...mustHaveJoined(before), ...more, pending: [...pending, report] }
    })
    return viewOf(after)
  }
  return {
    file,
    view,
    join: async (request, signal) => viewOf(await join(file, options, request, signal)),
    leave: async ({ isNow = false } = {}) => {
      if (isNow) return viewOf(await file.change(() => null))
      return queue({ type: 'left' }, { isLeaving: true, helpAskedAt: null })
    },
    help: async ({ text }) => {
      const plain = text === undefined ? '' : plainText(text)
      const lab = latestLab(await progress.all())
      return queue(
        { type: 'help', ...(lab !== undefined && { lab }), ...(plain !== '' && { text: plain }) },
        { helpAskedAt: now() },
      )
    },
    share: async (id) => {
      const lab = findLab(labs, id)
      mustHaveJoined(await file.read())
      const files = await readLabFiles(home, lab)
      if (files.length === 0)
        throw new InputError(`You have no code of ${id}.`, {
          remedy: `Start the lab: unhappy lab start ${id}`,
          status: 404,
        })
      return queue({
        type: 'code',
        lab: id,
        files: files.map(({ path, text }) => ({ path, text })),
      })
    },
    report: async (content) => void (await queue(content)),
    collect: async () => collect(file, options),
    receive: async (signal) => receive(file, { signal, clock }),
    send: async (signal) => sendPending(file, { signal, now }),
  }
}

/** Returns false if a run is still being written. */
async function collect(file: MembershipFile, options: MemberOptions): Promise<boolean> {
  const { progress, clock, factsOf } = options
  if ((await file.read()) === null) return true
  let isComplete = true
  await file.change(async (before) => {
    if (before === null || before.isLeaving) return before
    const now = new Date(clock.wallTimeMs()).toISOString()
    const all = await progress.all()
    const found = await collectReports(all, before.seen, { now, newId: randomUUID, factsOf })
    isComplete = found.isComplete
    if (found.reports.length === 0) return before
    // A user can edit the progress. The file of the membership cannot contain what no host accepts.
    const valid = found.reports.filter((report) => Check(ReportSchema, report))
    return { ...before, seen: found.seen, pending: [...before.pending, ...valid] }
  })
  return isComplete
}

async function receive(file: MembershipFile, receiving: Receiving): Promise<void> {
  const membership = await file.read()
  if (membership === null || membership.isLeaving) return
  const pushes = await readPushes(membership, membership.lastPush, receiving)
  await file.change((before) =>
    before?.key === membership.key ? pushes.reduce(withPush, before) : before,
  )
}

/** What a host has sent, before it sends something. */
const nothingReceived = {
  lastPush: 0,
  lastPrinted: 0,
  inbox: [],
  exercise: null,
  sequence: [],
  helpAskedAt: null,
} as const satisfies Partial<Membership>

async function join(
  file: MembershipFile,
  { progress, clock }: MemberOptions,
  request: JoinRequest,
  signal: AbortSignal,
): Promise<Membership | null> {
  const url = parseUrl(request.url)
  const before = await file.read()
  if (before !== null && before.url !== url && before.pending.length > 0)
    throw new InputError(`${before.pending.length} reports for ${before.url} wait.`, {
      remedy:
        'Leave that workshop first: unhappy workshop leave   (or, without sending them: --now)',
      status: 409,
    })
  const isSameHost = before?.url === url
  const key = isSameHost ? before.key : randomBytes(24).toString('base64url')
  const acceptsIncidents = request.acceptsIncidents === true
  const name = plainName(request.name)
  const joined = await joinHost(url, { code: request.code, name, key, acceptsIncidents }, signal)
  const seen = seenOf(await progress.all())
  return file.change((current) => {
    const kept = isSameHost ? current : null
    // Another workshop at the same address counts its pushes from 1 again, and does not know this key.
    const isSameWorkshop = kept?.learner === joined.learner
    return {
      ...(kept ?? { seen, refused: [], sent: 0, lastSent: [] }),
      ...nothingReceived,
      ...(isSameWorkshop && kept),
      // A learner who comes back has not left.
      pending: kept?.pending.filter(({ type }) => type !== 'left') ?? [],
      url,
      key,
      acceptsIncidents,
      learner: joined.learner,
      token: joined.token,
      name: plainName(joined.name),
      workshop: plainName(joined.workshop),
      joinedAt: kept?.joinedAt ?? new Date(clock.wallTimeMs()).toISOString(),
      isLeaving: false,
      problem: null,
    }
  })
}

/** The lab in which something happened last. */
function latestLab(progress: Readonly<Record<string, LabProgress>>): string | undefined {
  const times = Object.entries(progress).map(([lab, { startedAt, prediction, outcomes }]) => ({
    lab,
    at: [startedAt, prediction?.at, outcomes.at(-1)?.at].reduce(later, '') ?? '',
  }))
  return times.toSorted((one, other) => other.at.localeCompare(one.at))[0]?.lab
}

function later(one: string | undefined, other: string | undefined): string | undefined {
  return (other ?? '') > (one ?? '') ? other : one
}

/** The origin, or a Unix socket. Throws {@link InputError}. */
function parseUrl(text: string): string {
  if (text.startsWith(`${socketScheme}/`)) return text
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '') return url.origin
  throw new InputError(`"${shortened(text)}" is not the address of a workshop host.`, {
    remedy: 'Use the address that the instructor shows, for example http://192.0.2.10:19900.',
  })
}

function tooLarge({ type }: ReportContent): InputError {
  return new InputError(`The report "${type}" is larger than a workshop accepts.`, {
    remedy:
      type === 'code'
        ? `A file may have ${sharedTextMax} characters. Show a larger one to the instructor.`
        : 'Send less text.',
    status: 413,
  })
}

function mustHaveJoined(membership: Membership | null): Membership {
  if (membership !== null && !membership.isLeaving) return membership
  throw new InputError('You are in no workshop.', {
    remedy: 'Join one: unhappy workshop join URL --code CODE --name NAME',
    status: 409,
  })
}

function viewOf(membership: Membership | null): MembershipView {
  return {
    joined:
      membership === null
        ? null
        : {
            url: membership.url,
            name: membership.name,
            workshop: membership.workshop,
            joinedAt: membership.joinedAt,
            acceptsIncidents: membership.acceptsIncidents,
            isLeaving: membership.isLeaving,
          },
    sends: whatIsSent,
    waiting: membership?.pending.length ?? 0,
    sent: membership?.sent ?? 0,
    lastSent: membership?.lastSent ?? [],
    problem: membership?.problem ?? null,
    inbox: (membership?.inbox ?? []) as readonly InboxPush[],
    exercise: (membership?.exercise ?? null) as PushOf<'exercise'> | null,
    sequence: membership?.sequence ?? [],
    helpAskedAt: membership?.helpAskedAt ?? null,
  }
}
