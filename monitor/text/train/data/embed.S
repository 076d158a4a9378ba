/* The word lists that training starts from. */
        .include "monitor/text/data/embed.inc"

        embed words_nl, "words-nl.tsv"
        embed words_en, "words-en.tsv"
        embed service_nl, "service-nl.tsv"
        embed service_en, "service-en.tsv"
