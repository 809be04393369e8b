// harness of the build for Python, as the texts of its modules: they are written to a folder that Python imports from.

import init from "../../../site_builder/demos/harness/__init__.py";
import exercise from "../../../site_builder/demos/harness/exercise.py";
import output from "../../../site_builder/demos/harness/output.py";
import shown from "../../../site_builder/demos/harness/shown.py";
import stage from "../../../site_builder/demos/harness/stage.py";
import traces from "../../../site_builder/demos/harness/traces.py";

const MODULES = { __init__: init, exercise, output, shown, stage, traces };

/**
 * Put the harness where Python can import it by a name.
 *
 * @param {{ mkdirTree(path: string): void, writeFile(path: string, text: string): void }} files Pyodide's
 * @param {string} folder its last part is the name
 */
export function writeHarness(files, folder) {
  files.mkdirTree(folder);
  for (const [name, text] of Object.entries(MODULES)) files.writeFile(`${folder}/${name}.py`, text);
}
