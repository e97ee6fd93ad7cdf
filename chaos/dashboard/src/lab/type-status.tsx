import { formatCount } from '../../../checks/lib/format.ts'
import type { Diagnostic, Diagnostics } from '../../../contracts/api.ts'

/** What the type checker found, and a way to the first place. */
export function TypeStatus({
  result,
  onGo,
}: {
  readonly result: Diagnostics | undefined
  readonly onGo: (place: Pick<Diagnostic, 'line' | 'column'>) => void
}) {
  return (
    <span class="type-state" data-testid="type-state" data-state={result?.state ?? 'starting'}>
      <Text result={result} onGo={onGo} />
    </span>
  )
}

function Text({ result, onGo }: Parameters<typeof TypeStatus>[0]) {
  if (result === undefined || result.state === 'starting')
    return <span class="muted">◌ Type checker starts …</span>
  if (result.state === 'unavailable')
    return <span class="muted">No type checker{result.reason && `: ${result.reason}`}</span>
  const worst =
    result.diagnostics.find(({ severity }) => severity === 'error') ?? result.diagnostics[0]
  if (worst === undefined) return <span class="fine">✓ No type errors</span>
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = result.diagnostics.length - errors
  const counts = [
    errors > 0 ? formatCount(errors, 'error') : '',
    warnings > 0 ? formatCount(warnings, 'warning') : '',
  ].filter((text) => text !== '')
  return (
    <button
      class={`small problems ${errors > 0 ? 'bad' : ''}`}
      title={worst.message}
      onClick={() => onGo(worst)}
    >
      {errors > 0 ? '✕' : '⚠'} {counts.join(', ')}: go to line {worst.line}
    </button>
  )
}
