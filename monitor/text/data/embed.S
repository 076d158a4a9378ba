/* The word lists, as bytes of the program: nothing is read from files at run time. */
        .section .rodata
        .macro embed name, file
        .global brandwacht_\name\()_begin
        .global brandwacht_\name\()_end
        .balign 8
brandwacht_\name\()_begin:
        .incbin "\file"
brandwacht_\name\()_end:
        .byte 0
        .endm

        embed words_nl, "words-nl.tsv"
        embed words_en, "words-en.tsv"
        embed service_nl, "service-nl.tsv"
        embed service_en, "service-en.tsv"
        embed phrases, "phrases.tsv"
        embed emoji, "emoji.tsv"
        embed roles, "roles.tsv"

        .section .note.GNU-stack, "", %progbits
