import type { Lab } from '#chaos/contracts/lab.ts'

import type { Cli } from '../cli.ts'
import { askPrediction } from './ask.ts'
import { openLabControl } from './lab-control.ts'

/** Asks for the prediction and locks it, where a person sits and nothing was measured yet. */
export async function predict(cli: Cli, lab: Lab): Promise<void> {
  if (!cli.interactive) return
  const desk = openLabControl(cli)
  const view = await desk.get(lab.id)
  if (view.prediction !== null || view.outcomeOfPrediction !== null) return
  const prediction = await askPrediction(cli, view)
  if (prediction !== undefined) await desk.predict(lab.id, prediction)
}
