import { call } from './call.ts'

/**
 * Sends a file as it is, in one request; it stands under the files of whoever is signed in.
 * @param contentType as the file is kept. @default what the browser takes it for
 * @returns its id
 * @throws ApiError
 */
export async function uploadFile(file: File, contentType: string = file.type): Promise<string> {
  const path = `/api/v1/files?name=${encodeURIComponent(file.name)}`
  const { id } = await call<{ readonly id: string }>(path, {
    body: file,
    headers: { 'content-type': contentType || 'application/octet-stream' },
  })
  return id
}
