"""The national return on EHC needs assessments and plans (SEN2, person level): its layout, its codes, its records, its rules."""
