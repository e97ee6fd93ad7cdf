import { type CellResult, lookOf, type ResultLook } from '../../../xray/judging/cell-results.ts'
import { usePageState } from '../data/page-state.ts'

/** How each result looks, and what it means in the words of the sandbox's system. */
export function useLook(): (result: CellResult) => ResultLook {
  const meanings = usePageState(({ sandbox }) => sandbox?.system.meanings)
  return (result) => lookOf(result, meanings)
}
