/* The bundled recording: invented posts of invented people about invented brands. */
    .section .rodata
    .global brandwacht_demo_begin
    .global brandwacht_demo_end
brandwacht_demo_begin:
    .incbin DEMO_FILE
brandwacht_demo_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
