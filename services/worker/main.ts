import { runService } from '#services/lib/start/run-service.ts'

import { createWorkerApp } from './app.ts'
import { readWorkerConfig } from './config.ts'

await runService('worker', async () => await createWorkerApp(readWorkerConfig(process.env)))
