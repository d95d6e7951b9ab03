"""Runs the enricher over the training and development articles: pickle of id to EnrichedArticle.

PYTHONPATH=.:training/tagger python training/tagger/enrich.py --out FILE.pkl
"""

import argparse
import pickle
from pathlib import Path

import gold

from services.tagger.evaluation import article_of


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", type=Path, required=True)
    args = ap.parse_args()
    records = gold.train_records() + gold.dev_records() + gold.read(gold.shared("gold", "seeds.jsonl"))
    pickle.dump({r["id"]: article_of(r, "accurate") for r in records if "text" in r}, args.out.open("wb"))


if __name__ == "__main__":
    main()
