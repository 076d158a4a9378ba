/* The model and the cue words, as bytes of the program: nothing is read from files at run time. */
        .section .rodata
        .macro embed name, file
        .global brandwacht_\name\()_begin
        .global brandwacht_\name\()_end
        .balign 64
brandwacht_\name\()_begin:
        .incbin "\file"
brandwacht_\name\()_end:
        .byte 0
        .endm

        embed model, "model.bin"
        embed cues, "cues.tsv"

        .section .note.GNU-stack, "", %progbits
