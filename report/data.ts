import type { ReportData } from '../shared/report/report-data';

/** Returns the data that the page carries, as `reportPage` of shared/report wrote them. */
export async function readData(): Promise<ReportData> {
  const text = document.getElementById('report-data')?.textContent ?? '';
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as ReportData;
}
