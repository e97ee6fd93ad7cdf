import { type FlowComparison, type FlowRecord, flowOf } from '../../../contracts/flow-record.ts'
import { flowDiagramSvg } from '../../../report/flow-diagram/flow-diagram-svg.ts'
import { factsAsText } from '../../../report/flow-diagram/flow-facts.ts'
import { flowSlideSvg } from '../../../report/flow-diagram/flow-slide-svg.ts'
import { useAction } from '../hooks/use-action.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { savePng, saveText } from './save-png.ts'

/** Saves the diagram as the user sees it, or as a slide, and copies it as text. */
export function ExportRow(props: {
  readonly drawn: FlowRecord | FlowComparison
  readonly isBeside: boolean
  readonly zoom: number
}) {
  const { drawn, isBeside, zoom } = props
  const record = flowOf(drawn)
  const { busy, error, run } = useAction()
  const colours = (): 'light' | 'dark' =>
    document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'
  const svg = (): string => flowDiagramSvg(drawn, { isBeside, zoom, colours: colours() })
  const slide = (): string =>
    flowSlideSvg(drawn, { headline: slideHeadline(record), colours: colours() })
  return (
    <div class="row">
      <button
        data-testid="save-svg"
        onClick={() => saveText(`${record.id}.svg`, svg(), 'image/svg+xml')}
      >
        Save as SVG
      </button>
      <button
        disabled={busy}
        data-testid="save-png"
        onClick={() => run(() => savePng(`${record.id}.png`, svg()))}
      >
        Save as PNG
      </button>
      <button
        disabled={busy}
        data-testid="save-slide"
        onClick={() => run(() => savePng(`${record.id}-slide.png`, slide()))}
      >
        Save as slide
      </button>
      <CopyButton text={factsAsText(drawn)} />
      {error !== null && <span class="error small">{error}</span>}
    </div>
  )
}

/** `order o-7f-000014: trap: cuts the reply of COMMIT` */
function slideHeadline({ title, faults }: FlowRecord): string {
  const [fault] = faults
  return fault === undefined ? title : `${title}: ${fault.label}`
}
