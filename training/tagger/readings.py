"""Out-of-fold readings of the training articles by the encoder's fold models, and by the shipped encoder of
other articles.

PYTHONPATH=.:training/tagger python training/tagger/readings.py --folds FOLDER0 FOLDER1 --out FILE.pkl
[--enriched FILE.pkl]
"""

import argparse
import pickle
from pathlib import Path
from zlib import crc32

import gold

from services.tagger.candidates import read
from services.tagger.encoder import Encoder


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--folds", type=Path, nargs="+", required=True)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--enriched", type=Path)
    args = ap.parse_args()
    articles = pickle.load(args.enriched.open("rb")) if args.enriched else None
    folds = [Encoder(folder, 1) for folder in args.folds]
    acts = {}
    for n, encoder in enumerate(folds):
        records = [r for r in gold.train_records() if crc32(r["id"].encode()) % len(folds) == n]
        if articles is not None:
            records = [r for r in records if r["id"] in articles]
        texts = [read(articles[r["id"]] if articles is not None else gold.enrich(r)).text for r in records]
        for i in range(0, len(texts), 16):
            for record, found in zip(records[i : i + 16], encoder.read(texts[i : i + 16]), strict=True):
                acts[record["id"]] = found
        print(n, len(records), flush=True)
    pickle.dump(acts, args.out.open("wb"))


if __name__ == "__main__":
    main()
