import { runService } from '#services/lib/start/run-service.ts'

import { createPayments } from './app.ts'
import { readPaymentsConfig } from './config.ts'

await runService('payments', async () => await createPayments(readPaymentsConfig(process.env)))
