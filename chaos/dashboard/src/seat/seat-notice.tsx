import { useEffect, useState } from 'preact/hooks'

import type { SeatStatus } from '../../../contracts/workshop.ts'

const pollMs = 2_000

/** Above every page of a seat: the place of a check that waits, and who else may change something. Elsewhere nothing. */
export function SeatNotice() {
  return document.documentElement.dataset['seat'] === undefined ? null : <Notice />
}

function Notice() {
  const status = useSeatStatus()
  const texts = status === null ? [] : noticesOf(status)
  return (
    <div role="status" aria-label="Seat">
      {texts.map((text) => (
        <p class="banner" key={text}>
          {text}
        </p>
      ))}
    </div>
  )
}

/** The host of the workshop serves it, beside the API of the sandbox. */
function useSeatStatus(): SeatStatus | null {
  const [status, setStatus] = useState<SeatStatus | null>(null)
  useEffect(() => {
    let isCurrent = true
    const read = async (): Promise<void> => {
      if (document.hidden) return
      const response = await fetch('api/seat').catch(() => undefined)
      const next = response?.ok === true ? ((await response.json()) as SeatStatus) : null
      if (isCurrent && next !== null) setStatus(next)
    }
    void read()
    const timer = setInterval(() => void read(), pollMs)
    return () => {
      isCurrent = false
      clearInterval(timer)
    }
  }, [])
  return status
}

function noticesOf(status: SeatStatus): readonly string[] {
  const { role, name, isHelpWanted, queue, problem, state } = status
  const notices: string[] = []
  if (role === 'instructor')
    notices.push(
      isHelpWanted
        ? `The seat of ${name}, who asks for help: you can change something here until you mark the request as seen.`
        : `The seat of ${name ?? 'no learner'}. You look, and can change nothing until the learner asks for help.`,
    )
  else if (isHelpWanted)
    notices.push(
      'You ask for help: until the request is marked as seen, the instructor may change something in your sandbox.',
    )
  if (queue !== null)
    notices.push(`The check waits for its turn: place ${queue.place} of ${queue.of}.`)
  if (problem !== null) notices.push(problem)
  else if (state === 'starting') notices.push('The sandbox starts.')
  return notices
}
