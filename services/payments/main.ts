import { runService } from '#services/lib/start/run-service.ts'

import { createPaymentsApp } from './app.ts'
import { readPaymentsConfig } from './config.ts'

await runService('payments', async () => await createPaymentsApp(readPaymentsConfig(process.env)))
