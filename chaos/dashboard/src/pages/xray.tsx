import { DiffPage } from '../xray/diff-page.tsx'
import { ListPage } from '../xray/list-page.tsx'
import { MatrixPage } from '../xray/matrix-page.tsx'

/** The pages `#/xray`, `#/xray/ID`, `#/xray/ID/s07/reply-cut` and `#/xray/BEFORE/vs/AFTER`. */
export function XrayPage(props: {
  readonly id: string | undefined
  readonly rest: readonly string[]
}) {
  const { id, rest } = props
  const [first, second] = rest
  if (id === undefined || id === '') return <ListPage />
  if (first === 'vs' && second !== undefined)
    return <DiffPage ids={[id, second]} key={`${id} ${second}`} />
  const cell = first === undefined || second === undefined ? null : `${first}/${second}`
  return <MatrixPage id={id} cell={cell} key={id} />
}
