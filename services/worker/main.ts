import { runService } from '#services/lib/start/run-service.ts'

import { createWorker } from './app.ts'
import { readWorkerConfig } from './config.ts'

await runService('worker', async () => await createWorker(readWorkerConfig(process.env)))
