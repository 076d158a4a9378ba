/* The word lists that training starts from. */
        .section .rodata
        .macro embed name, file
        .global brandwacht_\name\()_begin
        .global brandwacht_\name\()_end
brandwacht_\name\()_begin:
        .incbin "\file"
brandwacht_\name\()_end:
        .byte 0
        .endm

        embed words_nl, "words-nl.tsv"
        embed words_en, "words-en.tsv"
        embed service_nl, "service-nl.tsv"
        embed service_en, "service-en.tsv"

        .section .note.GNU-stack, "", %progbits
