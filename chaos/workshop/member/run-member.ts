import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import type { Push, PushOf } from '#chaos/contracts/workshop.ts'
import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { abortWith } from '#chaos/lib/signals/abort-with.ts'

import { streamPushes } from './host.ts'
import type { Member } from './member.ts'
import type { Membership } from './membership-file.ts'
import { withPush } from './with-push.ts'

const pollMs = 500
const retryFirstMs = 1_000
const retryMaxMs = 15_000

export interface RunMemberOptions {
  readonly member: Member
  readonly home: Home
  readonly clock: Clock
  /** Called after each change of the membership file, by whichever process. */
  readonly onChanged: () => void
  /** A learner who agreed receives an incident, or its end. Absent: this sandbox cannot run incidents. */
  readonly onIncident?: (push: PushOf<'incident'> | PushOf<'incident-end'>) => Promise<void>
}

/**
 * Reports what happens in the learner's labs, and receives what the host sends, until it is disposed. It polls the files:
 * the CLI changes the progress, too.
 */
export function runMember(options: RunMemberOptions): AsyncDisposable {
  const ended = new AbortController()
  const loops = [report(options, ended.signal), receive(options, ended.signal)]
  return {
    [Symbol.asyncDispose]: async () => {
      ended.abort()
      await Promise.all(loops)
    },
  }
}

async function report(options: RunMemberOptions, signal: AbortSignal): Promise<void> {
  const { member, home, clock, onChanged } = options
  let progressStamp = ''
  let ownStamp = await stampOf(member.file.path)
  let waitMs = retryFirstMs
  let retryAt = 0
  while (!signal.aborted) {
    const own = await stampOf(member.file.path)
    const progress = own === '' ? '' : await stampOf(join(home.work, '.progress.json'))
    if (own !== ownStamp) {
      onChanged()
      retryAt = 0
    }
    // A file that cannot be read or locked now can be later.
    if (own !== '' && (own !== ownStamp || progress !== progressStamp)) {
      const isComplete = await member.collect().catch(() => false)
      progressStamp = isComplete ? progress : ''
    }
    ownStamp = own
    const membership = own === '' ? null : await member.file.read().catch(() => null)
    const isDue = membership !== null && (membership.pending.length > 0 || membership.isLeaving)
    if (isDue && clock.now() >= retryAt) {
      await member.send(signal).catch(() => undefined)
      const after = await member.file.read().catch(() => null)
      const failed = after !== null && after.pending.length > 0
      waitMs = failed ? Math.min(waitMs * 2, retryMaxMs) : retryFirstMs
      retryAt = failed ? clock.now() + waitMs : 0
      // Only writes of others cause another attempt at once.
      ownStamp = await stampOf(member.file.path)
      onChanged()
    }
    await clock.sleep(pollMs, signal).catch(() => undefined)
  }
}

async function receive(options: RunMemberOptions, signal: AbortSignal): Promise<void> {
  const { member, clock } = options
  let waitMs = retryFirstMs
  while (!signal.aborted) {
    const membership = await member.file.read().catch(() => null)
    if (membership === null || membership.isLeaving)
      await clock.sleep(pollMs, signal).catch(() => undefined)
    else {
      const received = await receiveUntilEnd(options, membership, signal)
      waitMs = received ? retryFirstMs : Math.min(waitMs * 2, retryMaxMs)
      await clock.sleep(waitMs, signal).catch(() => undefined)
    }
  }
}

/** Returns whether the connection was open. Ends when the learner joins another host or leaves. */
async function receiveUntilEnd(
  options: RunMemberOptions,
  membership: Membership,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock } = options
  using over = abortWith(signal)
  const watching = endWhenOver(options, membership, over, clock)
  const receiving = { signal: over.signal, clock }
  let isOpen = false
  try {
    for await (const push of streamPushes(membership, membership.lastPush, receiving)) {
      isOpen = true
      await handle(options, push)
    }
    return true
  } catch {
    return isOpen
  } finally {
    over.abort()
    await watching
  }
}

async function endWhenOver(
  { member }: RunMemberOptions,
  { token }: Membership,
  over: AbortController,
  clock: Clock,
): Promise<void> {
  while (!over.signal.aborted) {
    await clock.sleep(pollMs, over.signal).catch(() => undefined)
    const now = await member.file.read().catch(() => undefined)
    if (now === undefined) continue
    if (now === null || now.isLeaving || now.token !== token) over.abort()
  }
}

async function handle(options: RunMemberOptions, push: Push): Promise<void> {
  const { member, onIncident } = options
  let isNew = false
  const after = await member.file.change((before) => {
    const next = before === null ? null : withPush(before, push)
    isNew = next !== before
    return next
  })
  if (!isNew || after === null) return
  if (push.type === 'incident' && (!after.acceptsIncidents || onIncident === undefined))
    await member.report({ type: 'incident-state', incident: push.id, what: 'refused' })
  else if (push.type === 'incident' || push.type === 'incident-end') await onIncident?.(push)
}

/** Differs after every change. Empty: there is no file. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`
}
