import { runService } from '#services/lib/start/run-service.ts'

import { createApi } from './app.ts'
import { readApiConfig } from './config.ts'

await runService('api', async () => await createApi(readApiConfig(process.env)))
