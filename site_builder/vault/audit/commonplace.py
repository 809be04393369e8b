"""What everybody says: headings, code and words of the theme that are no premium text even where no public part has them."""

from __future__ import annotations

PHRASES = """
Table of contents | Back to top | Skip to content | Copy to clipboard | Copied to clipboard | Edit this page
View source of this page | Permanent link | Anchor link to this section | Jump back to footnote | Continue reading
Read more | Related links | Last update | Type to start searching | No matching documents | Previous page | Next page
Toggle navigation | Select language | Share this page | Minutes read | Members only | Sign in | Introduction
Getting started | Quick start | First steps | Next steps | What you will learn | What you need | Before you start
Before we begin | Prerequisites | Requirements | Installation | Configuration | Troubleshooting
Frequently asked questions | Common mistakes | Common pitfalls | Best practices | Further reading
Recommended reading | Additional resources | References and further reading | Acknowledgements | Acknowledgments
Conclusion and next steps | Summary and conclusion | Putting it together | Putting it all together | How it works
How does it work | Why it matters | The problem | The solution | The whole program | The complete example
Error handling | Performance considerations | Security considerations | Implementation details | Wrapping up
Table of figures | Exercises and solutions | Source code | Example code | Sample code | Hello, world
All rights reserved | Made with Material for MkDocs | Screenshot of the | Diagram of the | Architecture diagram
常见问题解答 | 目录与索引 | 扩展阅读 | 进一步阅读 | 延伸阅读与参考 | 参考资料与链接 | 准备工作与环境 | 下一步做什么
本章小结与练习 | 总结与下一步
"""

CODE = """
if __name__ == "__main__": | raise SystemExit(main())
def __init__(self, *args, **kwargs): super().__init__(*args, **kwargs) | def setUp(self) -> None:
def main() -> None: | async def main() -> None: | asyncio.run(main()) | class Config(BaseModel):
logging.basicConfig(level=logging.INFO) | logger = logging.getLogger(__name__) | parser = argparse.ArgumentParser()
args = parser.parse_args() | parser.add_argument( | usage: -h, --help show this help message and exit
show program's version number and exit | with open(path, encoding="utf-8") as f: | with open(filename) as f:
except Exception as e: print(e) | raise NotImplementedError | raise ValueError( | return response.json()
response.raise_for_status() | app = FastAPI() | app = Flask(__name__) | client = TestClient(app)
@dataclass(frozen=True) | @dataclass(frozen=True, slots=True) | @pytest.fixture | @pytest.mark.parametrize(
#!/usr/bin/env python3 | #!/usr/bin/env bash | set -euo pipefail | # -*- coding: utf-8 -*- | python -m venv .venv
source .venv/bin/activate | pip install --upgrade pip | pip install -r requirements.txt | npm install --save-dev
git clone https://github.com/ | git commit -m " | git push origin main | docker compose up -d | docker build -t
sudo apt-get install | sudo apt-get update | sudo apt update && sudo apt install -y
document.addEventListener("DOMContentLoaded", () => { | document.addEventListener("DOMContentLoaded", function () {
document.getElementById(" | document.querySelector(" | "use strict" | document.querySelectorAll("
document.createElement(" | window.addEventListener("load" | addEventListener("click", (event) => {
event.preventDefault() | console.log( | console.error(error) | module.exports = { | export default function
export async function | const response = await fetch(url) | const data = await response.json()
JSON.stringify(data, null, 2) | if (!response.ok) throw new Error( | public static void main(String[] args) {
System.out.println(" | int main(int argc, char *argv[]) { | int main(int argc, char **argv) { | using namespace std;
std::cout << std::endl; | fn main() -> Result<(), Box<dyn std::error::Error>> { | #[derive(Debug, Clone)]
#[derive(Debug, Clone, PartialEq)] | func main() { | if err != nil { return err } | if err != nil { log.Fatal(err) }
func Test(t *testing.T) { | CREATE TABLE IF NOT EXISTS | INSERT INTO users VALUES | SELECT * FROM users WHERE id =
SELECT COUNT(*) FROM | ON DELETE CASCADE | BEGIN TRANSACTION | PRIMARY KEY AUTOINCREMENT
id INTEGER PRIMARY KEY AUTOINCREMENT | created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="style.css"> | <script type="module" src="main.js"></script>
xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" | Traceback (most recent call last):
Content-Type: application/json | runs-on: ubuntu-latest | uses: actions/checkout@v4 | uses: actions/setup-python@v5
on: push: branches: [main] | permissions: contents: read
Permission is hereby granted, free of charge, to any person obtaining a copy
Licensed under the Apache License, Version 2.0
"""

# Words of which any heading may be made. One that has no other word says too little to be looked for, if it is short.
WORDS = """
a about access account action add added adding additional admin advanced after again against all allow also
alternative always an and another answer any anything api app application approach architecture are argument around
array article as ask at attribute author available avoid back background backward bad basic be because before behind
benchmark best better between beyond big block body book both box break bug build builder building built but button by
cache call can case change changelog changing chapter check checking choice choose choosing class clean cleaning clear
cli client close code collection column command comment common compare comparing comparison compatibility compatible
complete component concept conclusion config configuration configure connect connection considered constant container
content contribute contributing contributor control convert copy core correct create created creating cross custom
data database date day debug debugging decision default define defining definition delete demo dependency deploy
deploying deployment deprecated description design detail detailed developer development difference different
directory discussion do document documentation does done down download each easy edit editing editor element email end
endpoint engine enough enterprise environment error even event every everything example exception exercise expected
experiment explained extension external extra fact factory failure fast feature field file filter final find first fix
fixed flow for format forward found four framework from front full function further future general generate get
getting give global go good group guide handle handler handling happen hard has have head help helper here hint
history hook host hosting how html http i idea if image implementation implementing important improve improved in
index info information initial inner input inside install installation installing instance integration interface
internal into introduction is issue it item its job just keep key kind know known label language large last later
layer layout lazy learn learned less lesson let level library license life like limit limitation line link linux list
little load loading local log logging long look loop lot mac machine main make making manage management manual many
map match matter me meaning measure measuring member memory menu message meta method migrate migrating migration
minute missing mistake mode model modern module more most much multiple must my name native need network never new
next no node normal not note nothing now number object of old on once one online only open operation option optional
or order original other our out output over overview own package page parallel parameter part pass password path
pattern people performance personal pick picture piece pitfall place plan platform plugin point policy popular
possible post practical practice prepare prerequisite preview previous print private problem process processing
product production program project property public publish publishing pull python query question queue quick
quickstart quote reach read reader reading real really reason recipe recommended record refactoring reference related
release remote remove rename render replace report repository request require required requirement resource response
rest result return review right rule run running runtime safe sample save scale scaling schema screenshot script
search second section security see select send server service session set setting setup several share short should
show side simple simplest since single site size small so software solution solve some something source special
specific speed stack standard start started starting state statement static statistic status step still stop storage
store story strategy string structure style subject such summary support supported switch syntax system table tag
takeaway task team technical template test testing text than that the their them then there these they thing think
third this those thought three through time tip title to together token too tool top topic trade tradeoff trap tree
trick troubleshooting try tutorial two type ui under understand understanding unit until up update upgrade upgrading
url usage use used user using utility validation value variable variant version very via video view virtual visual
want was watch way we web website week welcome well what when where which while who whole why window with within
without word work worker workflow working world worth would write writing wrong year you your zero
"""
ORDINARY = frozenset(WORDS.split())

# Line numbers, footnote numbers and axes count upwards.
COUNTING = " ".join(map(str, range(1, 2000)))


def commonplace() -> tuple[str, ...]:
    """All of it, as public texts."""
    phrases = (*PHRASES.replace("\n", "|").split("|"), *CODE.replace("\n", "|").split("|"), COUNTING)
    return tuple(filter(None, map(str.strip, phrases)))
