import { runService } from '#services/lib/start/run-service.ts'

import { createApiApp } from './app.ts'
import { readApiConfig } from './config.ts'

await runService('api', async () => await createApiApp(readApiConfig(process.env)))
