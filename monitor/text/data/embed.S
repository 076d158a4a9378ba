/* The model and the cue words. */
        .include "monitor/text/data/embed.inc"

        embed model, "model.bin"
        embed cues, "cues.tsv"
