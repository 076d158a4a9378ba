/* The phrase lists of config/phrases. */
        .include "monitor/text/data/embed.inc"

        embed phrases_nl, "config/phrases/replies-nl.txt"
        embed phrases_en, "config/phrases/replies-en.txt"
        embed times_nl, "config/phrases/times-nl.txt"
        embed times_en, "config/phrases/times-en.txt"
