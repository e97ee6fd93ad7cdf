import type { Lab } from '#chaos/contracts/lab.ts'

import type { Cli } from '../cli.ts'
import { askPrediction } from './ask.ts'
import { openLabControl } from './lab-control.ts'

/** Asks for the prediction and saves it: only at a terminal, and only before the first measurement. */
export async function predict(cli: Cli, lab: Lab): Promise<void> {
  if (!cli.interactive) return
  const control = openLabControl(cli)
  const view = await control.get(lab.id)
  if (view.prediction !== null || view.outcomeOfPrediction !== null) return
  const prediction = await askPrediction(cli, view)
  if (prediction !== undefined) await control.predict(lab.id, prediction)
}
