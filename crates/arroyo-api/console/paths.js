// @ts-check

/** What the console asks of the API: methods and paths as in its OpenAPI document. */
export const ASK = Object.freeze({
  ping: "GET /ping",
  pipelines: "GET /pipelines",
  pipeline: "GET /pipelines/{id}",
  change: "PATCH /pipelines/{id}",
  restart: "POST /pipelines/{id}/restart",
  jobs: "GET /jobs",
  jobsOfPipeline: "GET /pipelines/{id}/jobs",
  state: "GET /pipelines/{pipeline_id}/jobs/{job_id}/state",
  progress: "GET /pipelines/{pipeline_id}/jobs/{job_id}/progress",
  plan: "GET /pipelines/{pipeline_id}/jobs/{job_id}/plan",
  output: "GET /pipelines/{pipeline_id}/jobs/{job_id}/output",
  errors: "GET /pipelines/{pipeline_id}/jobs/{job_id}/errors",
  checkpoints: "GET /pipelines/{pipeline_id}/jobs/{job_id}/checkpoints",
  checkpointParts: "GET /pipelines/{pipeline_id}/jobs/{job_id}/checkpoints/{epoch}/operator_checkpoint_groups",
});

/**
 * The method of `endpoint` and its path below the API's root, the parameters replaced by `values` in order.
 * @param {string} endpoint one of ASK
 * @param {(string | number)[]} values
 */
export function fill(endpoint, values) {
  const [method, template] = endpoint.split(" /");
  const left = [...values];
  const path = template.replace(/\{\w+\}/g, () => encodeURIComponent(left.shift() ?? ""));
  return { method, path };
}
