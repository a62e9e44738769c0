/** Imports what the platform imports and answers 200, nothing else. A process of its own. */
import 'reflect-metadata'
import Database from 'better-sqlite3'
import express from 'express'
import { Kysely } from 'kysely'
import { container } from 'tsyringe'
import * as z from 'zod'

const libraries = [Database, Kysely, container, z]
const server = express()
  .get('/ready', (_, response) => void response.json({ libraries: libraries.length }))
  .listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port, startMs: 0 }))
process.on('disconnect', () => process.exit(0))
