import type { Ctx } from '../context/context.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import { chunkStore } from './chunk-store.ts'
import type { FileStore } from './file-store.ts'
import { folderStore } from './folder-store.ts'

/** The place of this instance's files: a folder beside the database where there is one. */
export function storeOf(ctx: Ctx): FileStore {
  const { fileFolder } = runtimeOf(ctx).storage
  return fileFolder === null ? chunkStore : folderStore(fileFolder)
}
