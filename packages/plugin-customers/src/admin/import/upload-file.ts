import { ApiError, apiUrl } from '@clientele/admin-sdk'

/** Sends a file as it is. @returns its id @throws ApiError */
export async function uploadFile(file: File): Promise<string> {
  let response: Response
  try {
    response = await fetch(apiUrl(`/api/v1/files?name=${encodeURIComponent(file.name)}`), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'text/csv' },
      body: file,
    })
  } catch {
    throw new ApiError(0, { code: 'http.offline', detail: 'The server cannot be reached' })
  }
  const answer = (await response.json().catch(() => ({}))) as { readonly id: string }
  if (!response.ok) throw new ApiError(response.status, answer as object)
  return answer.id
}
