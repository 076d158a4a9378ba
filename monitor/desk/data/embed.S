/* The phrases, and the playbooks one behind the other with a zero byte after each. */
    .section .rodata
    .global brandwacht_desk_phrases_begin
    .global brandwacht_desk_phrases_end
brandwacht_desk_phrases_begin:
    .incbin "phrases.tsv"
brandwacht_desk_phrases_end:
    .byte 0
    .macro playbook name
    .incbin "\name\().md"
    .byte 0
    .endm
    .macro playbooks lang
    playbook "\lang\()/outage"
    playbook "\lang\()/delivery"
    playbook "\lang\()/billing"
    playbook "\lang\()/data-leak"
    playbook "\lang\()/rude-employee"
    playbook "\lang\()/product-failure"
    playbook "\lang\()/unfounded-claim"
    playbook "\lang\()/hate-or-threat"
    playbook "\lang\()/spam"
    playbook "\lang\()/activist-campaign"
    .endm
    .global brandwacht_playbooks_nl_begin
    .global brandwacht_playbooks_nl_end
brandwacht_playbooks_nl_begin:
    playbooks nl
brandwacht_playbooks_nl_end:
    .global brandwacht_playbooks_en_begin
    .global brandwacht_playbooks_en_end
brandwacht_playbooks_en_begin:
    playbooks en
brandwacht_playbooks_en_end:
    .section .note.GNU-stack,"",%progbits
