import { sqlite } from '@clientele/adapter-sqlite'
import { systemClock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import { migratorOf, threeTables } from './schema-registry.fixture.ts'

// One process among several that start at once: migrates the SQLite file it is given, prints what it ran.
const storage = sqlite(process.argv[2]!)
await storage.open({ logger: silentLogger(), clock: systemClock(), columnType: () => undefined })
const ran = await migratorOf(storage, threeTables).up()
await storage.close()
process.stdout.write(JSON.stringify(ran))
