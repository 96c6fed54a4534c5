/** The largest file that the gateway takes. */
export const LARGEST_FILE_BYTES = 20 * 1024 * 1024;
/** What a file dialog offers; the gateway judges by the bytes. */
export const FILE_TYPES = "image/*,audio/*,video/*,.pdf,.txt,.csv,.doc,.docx,.xls,.xlsx,.odt";
const DEADLINE_MS = 5 * 60_000;

/** Called with the share that has gone, 0 to 1. */
export type Progress = (share: number) => void;
export type Upload = (url: string, form: FormData, headers: Record<string, string>, progress: Progress) => Promise<Response>;

/** Posts a form. `fetch` can't say how much has gone, hence the older way. Rejects when no answer came. */
export const upload: Upload = (url, form, headers, progress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.timeout = DEADLINE_MS;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total > 0 ? loaded / total : 0));
    request.addEventListener("load", () => resolve(new Response(request.responseText, { status: request.status })));
    for (const end of ["error", "timeout", "abort"]) request.addEventListener(end, () => reject(new Error(end)));
    request.send(form);
  });

/** "340 KB", "2.1 MB" */
export function fileSize(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  return megabytes < 1 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${megabytes.toFixed(1)} MB`;
}
